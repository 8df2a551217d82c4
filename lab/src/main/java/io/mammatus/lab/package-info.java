/** The virtual rack, and what is done on it: the demo, end-to-end tests, benchmarks. */
@NullMarked
package io.mammatus.lab;

import org.jspecify.annotations.NullMarked;
