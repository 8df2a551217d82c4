/**
 * The server in a network namespace of its own, before clients and ROMs that others wrote. Needs
 * root and the distribution's clients; where {@code CI=true}, one that is missing fails the build.
 */
@org.jspecify.annotations.NullMarked
package io.mammatus.pxe.lab;
