@NullMarked
package io.mammatus.agent.identity;

import org.jspecify.annotations.NullMarked;
