using Build.Upstream.Archives;
using Build.Upstream.Images;

namespace Build.Upstream.Content;

/// <summary>
/// The images that the quickstart's registry serves, each for every architecture. The versions of an image share their two lower
/// layers, and the two images share the lowest: a new version is one small layer.
/// </summary>
internal sealed class QuickstartImages
{
    private const int BaseBytes = 1_500_000;
    private const int CommonBytes = 800_000;
    private const int TopBytes = 60_000;

    private static readonly Lazy<ImageLayer> Base = new(() => ImageLayer.Of(
        "base",
        TarFile.Folder("etc"),
        TarFile.Of("etc/os-release", "ID=quickstart\nNAME=\"Quickstart\"\nVERSION_ID=1\n"),
        TarFile.Of("etc/passwd", "nonroot:x:65532:65532::/:/sbin/nologin\n"),
        TarFile.Folder("usr"),
        TarFile.Folder("usr/share"),
        TarFile.Of("usr/share/locale.dat", Noise.Named("locale", BaseBytes))));

    private readonly Dictionary<(string Repository, string Tag), Lazy<IReadOnlyList<Image>>> _images = [];

    public QuickstartImages()
    {
        Add("demo/greeter", QuickstartRelease.HelloVersions);
        Add("demo/clock", QuickstartRelease.ClockVersions);
    }

    /// <summary>Every repository with its tags, in the order of their release.</summary>
    public ILookup<string, string> Tags => _images.Keys.ToLookup(key => key.Repository, key => key.Tag);

    /// <summary>An image for all its architectures, or null.</summary>
    public IReadOnlyList<Image>? Find(string repository, string tag) => _images.GetValueOrDefault((repository, tag))?.Value;

    private void Add(string repository, IReadOnlyList<string> versions)
    {
        var program = repository.Split('/')[^1];
        var common = new Lazy<ImageLayer>(() => ImageLayer.Of(
            $"data of {program}",
            TarFile.Folder("usr/share/" + program),
            TarFile.Of($"usr/share/{program}/data", Noise.Named(program, CommonBytes))));
        foreach (var version in versions)
        {
            _images.Add((repository, "v" + version), new Lazy<IReadOnlyList<Image>>(() =>
                [.. QuickstartRelease.Architectures.Select(architecture => Make(program, version, architecture, common.Value))]));
        }
    }

    private static Image Make(string program, string version, string architecture, ImageLayer common) => Image.Of(
        architecture,
        $"/usr/bin/{program}",
        Base.Value,
        common,
        ImageLayer.Of(
            $"{program} {version}",
            TarFile.Folder("usr/bin"),
            TarFile.Program($"usr/bin/{program}", TinyProgram.Printing($"{program} {version} ({architecture})\n", architecture)),
            TarFile.Of($"usr/share/{program}/release", Noise.Named($"{program} {version} {architecture}", TopBytes))));
}
