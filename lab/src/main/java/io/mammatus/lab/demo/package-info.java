/** The main job, end to end, for people to watch. */
@NullMarked
package io.mammatus.lab.demo;

import org.jspecify.annotations.NullMarked;
