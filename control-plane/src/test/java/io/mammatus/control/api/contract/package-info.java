@NullMarked
package io.mammatus.control.api.contract;

import org.jspecify.annotations.NullMarked;
