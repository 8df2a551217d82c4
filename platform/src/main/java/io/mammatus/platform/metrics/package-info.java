/** One registry of metrics per process, in Prometheus's text format, and the Vert.x it observes. */
@NullMarked
package io.mammatus.platform.metrics;

import org.jspecify.annotations.NullMarked;
