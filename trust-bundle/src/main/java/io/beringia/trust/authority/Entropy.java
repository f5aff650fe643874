package io.beringia.trust.authority;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/** Where keys, serials and times of new certificates come from. Any thread. */
public record Entropy(SecureRandom random, InstantSource clock) {
    private static final int SERIAL_BITS = 128;

    /** What OpenSSL draws. */
    private static final int OPENSSL_SERIAL_BITS = 159;

    public Instant now() {
        return clock.instant();
    }

    Profile.Issue next() {
        return new Profile.Issue(serial(SERIAL_BITS), now());
    }

    /** A serial as OpenSSL draws one: up to 20 octets. */
    public BigInteger opensslSerial() {
        return serial(OPENSSL_SERIAL_BITS);
    }

    /** Random and never zero (RFC 5280, 4.1.2.2). */
    private BigInteger serial(int bits) {
        BigInteger serial = new BigInteger(bits, random);
        return serial.signum() == 0 ? serial(bits) : serial;
    }
}
