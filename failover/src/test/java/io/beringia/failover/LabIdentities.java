package io.beringia.failover;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Identities of one mesh, made by the commands that people use, below one folder. */
public final class LabIdentities {
    public static final ClusterId CLUSTER = new ClusterId("lab");

    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final String NAMESPACE = "beringia-system";

    private final Path folder;

    private LabIdentities(Path folder) {
        this.folder = folder;
    }

    public static LabIdentities in(Path folder) {
        LabIdentities identities = new LabIdentities(folder);
        identities.ca("root", "--demo", "--trust-domain", DOMAIN.name());
        identities.ca("intermediate", "--name", CLUSTER.name());
        return identities;
    }

    public static SpiffeId id(String account) {
        return SpiffeId.ofWorkload(DOMAIN, NAMESPACE, account);
    }

    /** Chain, key and bundle of a new SVID. */
    public List<Path> files(String account) {
        Path out = folder.resolve("of-" + account);
        ca(
                "workload",
                "--name",
                CLUSTER.name(),
                "--namespace",
                NAMESPACE,
                "--service-account",
                account,
                "--out",
                out.toString());
        return List.of(out.resolve("workload-cert-chain.pem"), out.resolve("key.pem"), out.resolve("root-cert.pem"));
    }

    public Credentials credentials(String account) {
        List<Path> files = files(account);
        return FileCredentials.load(new CredentialFiles(files.get(0), files.get(1), Map.of(DOMAIN, files.get(2))));
    }

    private void ca(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", folder.toString()));
        arguments.addAll(List.of(options));
        StringWriter said = new StringWriter();
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("ca " + command + ": " + said);
        }
    }
}
