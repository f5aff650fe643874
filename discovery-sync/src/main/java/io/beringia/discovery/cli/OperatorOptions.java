package io.beringia.discovery.cli;

import io.beringia.discovery.explain.ExplainClient;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** As whom a discovery is asked, and who must answer. */
final class OperatorOptions {
    private static final int IDENTITY_FILES = 3;

    /** Who answers by default: discoveries run under this account of our own namespace, or one per region. */
    private static final String DISCOVERIES = "/ns/beringia-system/sa/discovery(-[a-z0-9-]+)?";

    @Option(
            names = "--identity",
            split = ",",
            paramLabel = "CHAIN,KEY,BUNDLE",
            description = "The operator's SVID: three PEM files.")
    private List<Path> identity = List.of();

    @Option(
            names = "--server",
            converter = SpiffeIds.class,
            paramLabel = "ID",
            description = "The identity that must answer (default: account discovery, or discovery-*, of"
                    + " beringia-system in the operator's trust domain).")
    private Optional<SpiffeId> server = Optional.empty();

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Nothing is asked yet; the caller closes it. */
    ExplainClient open(String address) {
        if (identity.size() != IDENTITY_FILES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--identity: " + identity.size() + " files (expected: chain, key and bundle, separated by commas)");
        }
        FileCredentials credentials =
                FileCredentials.load(CredentialFiles.ofOwnDomain(identity.get(0), identity.get(1), identity.get(2)));
        return ExplainClient.open(
                address,
                new GrpcTls(credentials, new SpiffeVerifier(), InstantSource.system()),
                expected(credentials.svid().id().trustDomain()));
    }

    private Predicate<SpiffeId> expected(TrustDomain own) {
        return server.<Predicate<SpiffeId>>map(one -> one::equals)
                .orElse(id -> id.toString().matches("spiffe://\\Q" + own + "\\E" + DISCOVERIES));
    }

    /** Reads a SPIFFE ID. */
    static final class SpiffeIds implements ITypeConverter<SpiffeId> {
        @Override
        public SpiffeId convert(String text) {
            try {
                return SpiffeId.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
