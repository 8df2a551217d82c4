@NullMarked
package io.mammatus.agent;

import org.jspecify.annotations.NullMarked;
