/**
 * The driver against a real LXD, in namespaces of its own. Left out without root or without LXD;
 * where {@code CI=true}, that fails the build.
 */
@NullMarked
package io.mammatus.agent.lxd;

import org.jspecify.annotations.NullMarked;
