package io.beringia.scenarios.connect;

import io.beringia.scenarios.fuzz.Choices;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Field blocks of one connection, read by the gateway's decoder and by ours beside it: what both take they read alike, and
 * what one refuses the other does not take.
 */
public final class FieldBlocksFuzz {
    private static final int HEADER_LIST_BYTES_MAX = 16_384;
    private static final int FIELD_BYTES = 32;

    private FieldBlocksFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        DefaultHttp2HeadersDecoder gateway = new DefaultHttp2HeadersDecoder(true, HEADER_LIST_BYTES_MAX);
        HpackDecoder reference = new HpackDecoder();
        boolean inStep = true;
        while (choices.isLeft() && inStep) {
            inStep = compare(gateway, reference, choices.bytes());
        }
    }

    /** What a decoder made of one block. */
    private sealed interface Reading {
        record Fields(List<Field> fields) implements Reading {}

        /** The stream is lost; the tables are still alike. */
        record Unfit(String why) implements Reading {}

        /** The connection is lost. */
        record Broken(String why) implements Reading {}
    }

    /** False where a connection would end. */
    private static boolean compare(DefaultHttp2HeadersDecoder gateway, HpackDecoder reference, byte[] block) {
        Reading theirs = read(gateway, block);
        Optional<List<Field>> ours = read(reference, block);
        return switch (theirs) {
            case Reading.Fields read -> {
                require(ours.filter(read.fields()::equals).isPresent(), read + " (expected: " + ours + ")");
                require(bytes(read.fields()) <= HEADER_LIST_BYTES_MAX, "taken: " + bytes(read.fields()) + " bytes");
                yield true;
            }
            case Reading.Unfit unfit -> {
                require(ours.isPresent(), "unfit only: " + unfit + " (expected: an error of the connection)");
                yield true;
            }
            case Reading.Broken broken -> {
                require(ours.map(FieldBlocksFuzz::mayBreak).orElse(true), broken + " (expected: " + ours + ")");
                yield false;
            }
        };
    }

    /** More than we take; or a name that Netty 4.2.18 refuses and takes for a format of its own message then. */
    private static boolean mayBreak(List<Field> fields) {
        return bytes(fields) > HEADER_LIST_BYTES_MAX
                || fields.stream().anyMatch(field -> field.name().contains("%"));
    }

    private static Reading read(DefaultHttp2HeadersDecoder decoder, byte[] block) {
        try {
            return new Reading.Fields(fields(decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block))));
        } catch (Http2Exception.StreamException unfit) {
            return new Reading.Unfit(String.valueOf(unfit.getMessage()));
        } catch (Http2Exception broken) {
            return new Reading.Broken(String.valueOf(broken.getMessage()));
        }
    }

    private static Optional<List<Field>> read(HpackDecoder decoder, byte[] block) {
        try {
            return Optional.of(decoder.decode(block));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static List<Field> fields(Http2Headers headers) {
        List<Field> fields = new ArrayList<>();
        headers.forEach(field ->
                fields.add(new Field(field.getKey().toString(), field.getValue().toString())));
        return fields;
    }

    private static long bytes(List<Field> fields) {
        return fields.stream()
                .mapToLong(field -> field.name().length() + field.value().length() + FIELD_BYTES)
                .sum();
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
