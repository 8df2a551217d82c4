/**
 * The services as processes of their own: what they do together, and what is left when one is
 * killed.
 */
@NullMarked
package io.mammatus.launcher.services;

import org.jspecify.annotations.NullMarked;
