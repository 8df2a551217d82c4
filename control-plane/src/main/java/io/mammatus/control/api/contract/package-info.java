/**
 * The API's contract, made from the records that the API carries: seven kinds share one shape, so
 * that the document is written by a program, committed, and compared by a test.
 */
@NullMarked
package io.mammatus.control.api.contract;

import org.jspecify.annotations.NullMarked;
