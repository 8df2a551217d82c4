/**
 * For tests of this and other modules, which have it as a dependency of type {@code test-jar}.
 *
 * <p>Example: {@code Prerequisites.require("ip", "curl")} in a method with {@code @BeforeAll}.
 */
@NullMarked
package io.mammatus.platform.testing;

import org.jspecify.annotations.NullMarked;
