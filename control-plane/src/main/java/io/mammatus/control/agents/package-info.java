/** Where agents connect: admission without a certificate, everything else with one. */
@NullMarked
package io.mammatus.control.agents;

import org.jspecify.annotations.NullMarked;
