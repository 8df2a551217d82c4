@NullMarked
package io.mammatus.agent.converge;

import org.jspecify.annotations.NullMarked;
