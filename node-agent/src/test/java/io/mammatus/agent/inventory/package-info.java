@NullMarked
package io.mammatus.agent.inventory;

import org.jspecify.annotations.NullMarked;
