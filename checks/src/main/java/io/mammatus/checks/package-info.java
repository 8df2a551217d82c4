/** Our own compile-time checks. */
package io.mammatus.checks;
