package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.HttpSource;
import io.beringia.trust.ledger.LogSource;
import io.beringia.trust.pki.PemFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How logs are reached that are named on the command line: folders or URLs. */
final class LogOptions {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int IDENTITY_FILES = 3;

    @Option(
            names = "--identity",
            split = ",",
            paramLabel = "CHAIN,KEY,BUNDLE",
            description = "An SVID for logs that are served over mutual TLS: three PEM files.")
    private List<Path> identity = List.of();

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Throws {@link IllegalArgumentException} on what is neither. */
    LogSource open(String text) {
        return text.startsWith("http://") || text.startsWith("https://")
                ? new HttpSource(client(), URI.create(text))
                : FolderSource.of(Path.of(text));
    }

    private HttpClient client() {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(CONNECT);
        if (identity.isEmpty()) {
            return client.build();
        }
        if (identity.size() != IDENTITY_FILES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--identity: " + identity.size() + " files (expected: chain, key and bundle, separated by commas)");
        }
        return client.sslContext(tls().client(id -> true)).build();
    }

    /** Whoever answers must be of our own trust domain; what it says is verified by the policy. */
    private HttpTls tls() {
        Path chain = identity.get(0);
        SpiffeId id = Authority.idOf(PemFile.certificates(chain).getFirst())
                .orElseThrow(() -> new IllegalArgumentException("--identity: " + chain + " (expected: an SVID)"));
        FileCredentials credentials = FileCredentials.load(
                new CredentialFiles(chain, identity.get(1), Map.of(id.trustDomain(), identity.get(2))));
        return new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system());
    }
}
