package io.beringia.scenarios.connect;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The error codes of HTTP/2, by their number (RFC 9113, section 7). */
public enum Http2Error {
    NO_ERROR(0x0),
    PROTOCOL_ERROR(0x1),
    INTERNAL_ERROR(0x2),
    FLOW_CONTROL_ERROR(0x3),
    SETTINGS_TIMEOUT(0x4),
    STREAM_CLOSED(0x5),
    FRAME_SIZE_ERROR(0x6),
    REFUSED_STREAM(0x7),
    CANCEL(0x8),
    COMPRESSION_ERROR(0x9),
    CONNECT_ERROR(0xa),
    ENHANCE_YOUR_CALM(0xb),
    INADEQUATE_SECURITY(0xc),
    HTTP_1_1_REQUIRED(0xd);

    private final int code;

    Http2Error(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** As it is said in a report; unknown codes by their number. */
    public static String word(int code) {
        return Arrays.stream(values())
                .filter(one -> one.code == code)
                .map(Enum::name)
                .findFirst()
                .orElse("0x" + Integer.toHexString(code));
    }

    /** Names joined by {@code |}. */
    static Set<Http2Error> anyOf(String text) {
        return Arrays.stream(text.split("\\|")).map(Http2Error::valueOf).collect(Collectors.toUnmodifiableSet());
    }
}
