/** Tests of the API's client. */
@NullMarked
package io.mammatus.cli.client;

import org.jspecify.annotations.NullMarked;
