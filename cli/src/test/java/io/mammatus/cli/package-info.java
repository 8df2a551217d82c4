@NullMarked
package io.mammatus.cli;

import org.jspecify.annotations.NullMarked;
