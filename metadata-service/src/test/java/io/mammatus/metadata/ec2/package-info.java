@NullMarked
package io.mammatus.metadata.ec2;

import org.jspecify.annotations.NullMarked;
