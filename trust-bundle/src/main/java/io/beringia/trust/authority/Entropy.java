package io.beringia.trust.authority;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/** Where keys, serials and times of new certificates come from. Any thread. */
public record Entropy(SecureRandom random, InstantSource clock) {
    private static final int SERIAL_BITS = 128;

    Instant now() {
        return clock.instant();
    }

    Profile.Issue next() {
        return new Profile.Issue(serial(), now());
    }

    /** Random and never zero (RFC 5280, 4.1.2.2). */
    private BigInteger serial() {
        BigInteger serial = new BigInteger(SERIAL_BITS, random);
        return serial.signum() == 0 ? serial() : serial;
    }
}
