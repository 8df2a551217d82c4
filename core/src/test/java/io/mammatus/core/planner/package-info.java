@NullMarked
package io.mammatus.core.planner;

import org.jspecify.annotations.NullMarked;
