@org.jspecify.annotations.NullMarked
package io.mammatus.launcher.doctor;
