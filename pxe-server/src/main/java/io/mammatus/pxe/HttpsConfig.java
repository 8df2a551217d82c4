package io.mammatus.pxe;

import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.Range;
import java.nio.file.Path;

/**
 * UEFI HTTP boot over TLS (UEFI 2.10, section 24.7.2: the firmware believes the authorities that
 * are enrolled in it).
 *
 * @param port where the same is served as over HTTP, on every address
 * @param certificate PEM, the server's first; it has to name the address of each network's server
 * @param key its private key, PEM (PKCS 8)
 * @param fallback whether a firmware that did not start what it was named over HTTPS, because it
 *     cannot, or does not believe the certificate, is named it over HTTP the next time
 */
public record HttpsConfig(
    @Default("8445") @Range(min = "1", max = "65535") int port,
    Path certificate,
    Path key,
    @Default("true") boolean fallback) {}
