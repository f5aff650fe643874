package io.beringia.gateway.relay;

/** Why one side of a tunnel was cut off, as an HTTP/2 error code (RFC 9113, section 7), 0 to 2^32-1. */
public record Reset(long code) {
    public static final Reset NO_ERROR = new Reset(0x0);
    public static final Reset PROTOCOL_ERROR = new Reset(0x1);
    public static final Reset INTERNAL_ERROR = new Reset(0x2);
    /** What we decide ourselves: a lost race, a path that is DOWN, a drain, overload. */
    public static final Reset CANCEL = new Reset(0x8);
    /** The TCP connection behind a CONNECT was reset or failed (RFC 9113, section 8.5). */
    public static final Reset CONNECT_ERROR = new Reset(0xa);

    /** A normal end: what a stock ztunnel sends when it drops a stream. */
    public boolean isQuiet() {
        return equals(NO_ERROR) || equals(CANCEL);
    }

    /** As it stands in logs and metric tags. */
    public String word() {
        return switch ((int) code) {
            case 0x0 -> "no-error";
            case 0x1 -> "protocol-error";
            case 0x2 -> "internal-error";
            case 0x3 -> "flow-control-error";
            case 0x4 -> "settings-timeout";
            case 0x5 -> "stream-closed";
            case 0x6 -> "frame-size-error";
            case 0x7 -> "refused-stream";
            case 0x8 -> "cancel";
            case 0x9 -> "compression-error";
            case 0xa -> "connect-error";
            case 0xb -> "enhance-your-calm";
            case 0xc -> "inadequate-security";
            case 0xd -> "http-1-1-required";
            default -> "other";
        };
    }
}
