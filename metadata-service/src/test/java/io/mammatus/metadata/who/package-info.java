@NullMarked
package io.mammatus.metadata.who;

import org.jspecify.annotations.NullMarked;
