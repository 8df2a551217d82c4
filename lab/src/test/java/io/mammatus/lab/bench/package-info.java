@NullMarked
package io.mammatus.lab.bench;

import org.jspecify.annotations.NullMarked;
