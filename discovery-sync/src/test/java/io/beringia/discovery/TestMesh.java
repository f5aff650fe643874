package io.beringia.discovery;

import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Certificates of a mesh of our own, made anew for a test: one root, an intermediate for each cluster. */
public final class TestMesh {
    public static final TrustDomain TRUST_DOMAIN = new TrustDomain("mesh.example");

    private final Path directory;
    private int issued;

    public TestMesh(Path directory, String... clusters) {
        this.directory = directory;
        ca("root", "--demo", "--trust-domain", TRUST_DOMAIN.name());
        for (String cluster : clusters) {
            ca("intermediate", "--name", cluster);
        }
    }

    public static SpiffeId id(String namespace, String account) {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, namespace, account);
    }

    /** A fresh certificate, below that cluster's intermediate. */
    public FileCredentials credentials(String cluster, String namespace, String account) {
        Path out = issued(cluster, namespace, account);
        return FileCredentials.load(new CredentialFiles(
                out.resolve("workload-cert-chain.pem"),
                out.resolve("key.pem"),
                Map.of(TRUST_DOMAIN, out.resolve("root-cert.pem"))));
    }

    /** The same as files, as an operator names them: chain, key and roots, with commas. */
    public String files(String cluster, String namespace, String account) {
        Path out = issued(cluster, namespace, account);
        return out.resolve("workload-cert-chain.pem") + "," + out.resolve("key.pem") + ","
                + out.resolve("root-cert.pem");
    }

    private Path issued(String cluster, String namespace, String account) {
        Path out = directory.resolve("svid-" + issued++);
        ca("workload", "--name", cluster, "--namespace", namespace, "--service-account", account, "--out", "" + out);
        return out;
    }

    public GrpcTls tls(String cluster, String namespace, String account) {
        return new GrpcTls(credentials(cluster, namespace, account), new SpiffeVerifier(), InstantSource.system());
    }

    private void ca(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(List.of(options));
        StringWriter said = new StringWriter();
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("ca " + command + ": " + said);
        }
    }
}
