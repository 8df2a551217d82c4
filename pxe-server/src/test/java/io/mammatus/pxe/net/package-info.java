@NullMarked
package io.mammatus.pxe.net;

import org.jspecify.annotations.NullMarked;
