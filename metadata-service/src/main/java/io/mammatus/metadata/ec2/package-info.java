/** The dialect of EC2's instance metadata service. */
@NullMarked
package io.mammatus.metadata.ec2;

import org.jspecify.annotations.NullMarked;
