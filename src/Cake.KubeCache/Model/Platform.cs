namespace Cake.KubeCache.Model;

/// <summary>An operating system and architecture as OCI names them (GOOS, GOARCH, optional variant).</summary>
/// <param name="Os">For example <c>linux</c>.</param>
/// <param name="Architecture">For example <c>amd64</c>, <c>arm64</c>, <c>arm</c>, <c>ppc64le</c>.</param>
/// <param name="Variant">For example <c>v7</c> (arm) or <c>v8</c> (arm64); null when it does not matter.</param>
public sealed record Platform(string Os, string Architecture, string? Variant = null)
{
    /// <summary><c>linux/amd64</c>.</summary>
    public static Platform LinuxAmd64 { get; } = new("linux", "amd64");

    /// <summary>From what <c>uname -m</c> prints, or from an OCI architecture name.</summary>
    public static Platform FromMachine(string machine) => machine switch
    {
        "x86_64" or "amd64" => LinuxAmd64,
        "aarch64" or "arm64" => new("linux", "arm64"),
        "armv7l" or "arm" => new("linux", "arm", "v7"),
        "i386" or "i686" or "386" => new("linux", "386"),
        _ => new("linux", machine),
    };

    /// <inheritdoc/>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
