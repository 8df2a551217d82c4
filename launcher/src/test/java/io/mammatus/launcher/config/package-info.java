/** What is in config/ is what the program reads. */
@NullMarked
package io.mammatus.launcher.config;

import org.jspecify.annotations.NullMarked;
