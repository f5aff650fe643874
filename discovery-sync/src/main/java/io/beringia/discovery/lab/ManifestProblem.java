package io.beringia.discovery.lab;

/** Why one document of the directory is not served. Lines count from 1. */
public record ManifestProblem(String file, int line, String what) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + what;
    }
}
