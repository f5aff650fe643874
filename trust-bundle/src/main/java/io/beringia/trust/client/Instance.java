package io.beringia.trust.client;

import io.grpc.Metadata;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * By what an issuance server tells processes of ours apart that share an ID: each makes it up at its start. It proves
 * nothing and is believed of a caller that has proved its ID.
 */
public final class Instance {
    /** Beside the credentials of every call. */
    public static final Metadata.Key<String> HEADER =
            Metadata.Key.of("beringia-instance", Metadata.ASCII_STRING_MARSHALLER);

    private static final int BYTES = 16;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

    private Instance() {}

    static String random(SecureRandom random) {
        byte[] octets = new byte[BYTES];
        random.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    /** 16 octets in lower-case hex. */
    public static boolean isOne(String text) {
        return HEX.matcher(text).matches();
    }
}
