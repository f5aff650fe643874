package io.beringia.trust.client;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The token by which we say who we are while we have no certificate. Any thread; keeps nothing. */
final class BearerToken {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private BearerToken() {}

    /** Throws {@link UncheckedIOException} where the file cannot be read. */
    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("token: " + file + " (expected: a readable file)", e);
        }
    }

    /** Attaches {@code token} to a call, and which {@link Instance} we are. */
    static ClientInterceptor attached(String token, String instance) {
        Metadata headers = new Metadata();
        headers.put(Instance.HEADER, instance);
        headers.put(AUTHORIZATION, "Bearer " + token);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }
}
