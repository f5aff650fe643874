/** Our gateway beside other proxies that do the same job: each takes its turn, and only ratios are believed. */
@NullMarked
package io.beringia.scenarios.bench;

import org.jspecify.annotations.NullMarked;
