/**
 * The command line. It knows the API and nothing else of the cloud: whatever it can do, a program
 * can do too.
 *
 * <p>{@link io.mammatus.cli.Main} makes the one command that was asked for and no other, because a
 * person waits for it.
 */
@NullMarked
package io.mammatus.cli;

import org.jspecify.annotations.NullMarked;
