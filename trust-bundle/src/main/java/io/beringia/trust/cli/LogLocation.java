package io.beringia.trust.cli;

import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.HttpSource;
import io.beringia.trust.ledger.LogSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;

/** A log as it is named on the command line: a folder or a URL. */
final class LogLocation {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private LogLocation() {}

    /** Throws {@link IllegalArgumentException} on what is neither. */
    static LogSource open(String text) {
        if (text.startsWith("http://") || text.startsWith("https://")) {
            return new HttpSource(
                    HttpClient.newBuilder().connectTimeout(CONNECT).build(), URI.create(text));
        }
        return FolderSource.of(Path.of(text));
    }
}
