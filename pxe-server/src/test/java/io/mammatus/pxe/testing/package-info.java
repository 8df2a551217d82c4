/** What tests of several packages need. */
@NullMarked
package io.mammatus.pxe.testing;

import org.jspecify.annotations.NullMarked;
