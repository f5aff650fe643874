package io.beringia.trust.identity;

import java.math.BigInteger;
import java.time.Instant;

/**
 * A list in which an issuer takes back certificates, read strictly and not believed yet: whoever asks it says whose key
 * must have signed it. Any thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC 5280, section 5</a>
 */
public interface RevocationList {
    /** Who is said to have issued it, and as which of its lists; for people. */
    String name();

    /** When its issuer promised the next one, at the latest. */
    Instant nextUpdate();

    /** True where its issuer bears this name (DER), byte by byte. */
    boolean isOf(byte[] name);

    /** True where this key (DER of a SubjectPublicKeyInfo) signed it. */
    boolean isSignedBy(byte[] key);

    /** True where it takes back the certificate with this serial number. */
    boolean takesBack(BigInteger serial);
}
