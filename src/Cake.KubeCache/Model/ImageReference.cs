using System.Diagnostics.CodeAnalysis;

namespace Cake.KubeCache.Model;

/// <summary>
/// A full image reference: registry, repository and a tag or a digest or both
/// (grammar of the "distribution/reference" package; Docker Hub's short names are expanded).
/// </summary>
public sealed record ImageReference
{
    private ImageReference(string registry, string repository, string? tag, Digest? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>Host and optional port, such as <c>registry.k8s.io</c> or <c>localhost:5000</c>; <c>docker.io</c> for short names.</summary>
    public string Registry { get; }

    /// <summary>Path below the registry, such as <c>library/nginx</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag, or null when only a digest is given.</summary>
    public string? Tag { get; }

    /// <summary>The digest, or null when only a tag is given.</summary>
    public Digest? Digest { get; }

    /// <summary>Registry and repository: <c>docker.io/library/nginx</c>.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>What a runtime lists the image under: name and tag, or name and digest where there is no tag.</summary>
    public string Familiar => Tag is not null ? $"{Name}:{Tag}" : $"{Name}@{Digest}";

    /// <summary>Reads a reference; a missing tag means <c>latest</c>.</summary>
    /// <exception cref="FormatException">Not a valid reference.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var why) ? reference : throw new FormatException($"'{text}' is no image reference: {why}");

    /// <summary>Joins a repository such as <c>quay.io/calico/node</c>, a tag and a digest, any of the last two absent.</summary>
    /// <exception cref="FormatException">Not a valid reference.</exception>
    public static ImageReference Of(string repository, string? tag, Digest? digest) =>
        Parse(repository + (string.IsNullOrEmpty(tag) ? "" : ":" + tag) + (digest is null ? "" : "@" + digest));

    /// <summary>Reads a reference.</summary>
    /// <param name="text">Such as <c>nginx</c>, <c>quay.io/a/b:v1</c>, <c>host:5000/x@sha256:…</c>.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="why">What is wrong with it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? why)
    {
        reference = null;
        var rest = text;
        Digest? digest = null;
        if (rest.IndexOf('@') is >= 0 and var at)
        {
            if (!Model.Digest.TryParse(rest[(at + 1)..], out var parsed))
            {
                why = $"'{rest[(at + 1)..]}' is no sha256 or sha512 digest";
                return false;
            }

            digest = parsed;
            rest = rest[..at];
        }

        string? tag = null;
        if (rest.LastIndexOf(':') is >= 0 and var colon && !rest[colon..].Contains('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (tag.Length is 0 or > 128 || !tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') || tag[0] is '.' or '-')
            {
                why = $"'{tag}' is no tag";
                return false;
            }
        }

        var (registry, repository) = SplitRegistry(rest);
        if (repository.Length == 0 || !repository.Split('/').All(IsPathComponent))
        {
            why = $"'{repository}' is no repository (lower-case letters, digits, '.', '_', '-', separated by '/')";
            return false;
        }

        reference = new ImageReference(registry, repository, tag ?? (digest is null ? "latest" : null), digest);
        why = null;
        return true;
    }

    /// <summary>The same image pinned to a digest.</summary>
    public ImageReference WithDigest(Digest digest) => new(Registry, Repository, Tag, digest);

    /// <inheritdoc/>
    public override string ToString() => Digest is null ? Familiar : Tag is null ? $"{Name}@{Digest}" : $"{Name}:{Tag}@{Digest}";

    private static (string Registry, string Repository) SplitRegistry(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        if (first.Contains('.') || first.Contains(':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper))
        {
            var host = first is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : first;
            var repository = name[(slash + 1)..];
            return (host, host == "docker.io" && !repository.Contains('/') ? "library/" + repository : repository);
        }

        return ("docker.io", slash < 0 ? "library/" + name : name);
    }

    private static bool IsPathComponent(string part) =>
        part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && char.IsAsciiLetterOrDigit(part[^1]) &&
        part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
}
