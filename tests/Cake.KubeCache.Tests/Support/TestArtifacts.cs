using Cake.KubeCache.Model;

namespace Cake.KubeCache.Tests.Support;

/// <summary>Artifacts, nodes and facts with plausible values, for tests that care about one of them.</summary>
internal static class TestArtifacts
{
    public static Digest DigestOf(char fill) => Digest.Sha256(new string(fill, 64));

    public static FileArtifact File(string name, char content = 'a', string? destination = null) => new()
    {
        Name = name,
        Url = $"https://example.com/{name}",
        Checksum = new Checksum.Known(DigestOf(content)),
        Destination = destination ?? $"/opt/{name}",
        Owner = "root",
        Mode = "0755",
    };

    public static ImageArtifact Image(string name, string tag = "v1") => new()
    {
        Name = name,
        Reference = ImageReference.Parse($"registry.example.com/{name}:{tag}"),
        Platform = Platform.LinuxAmd64,
    };

    public static StoredArtifact Stored(Artifact artifact, char digest = 'a', char config = 'c') => new()
    {
        ContentKey = artifact.ContentKey,
        Digest = DigestOf(digest),
        Size = 1000,
        Source = "https://example.com",
        FetchedAt = DateTimeOffset.UnixEpoch,
        Image = artifact is ImageArtifact ? new ImageContent("application/vnd.oci.image.manifest.v1+json", 400, new BlobDescriptor("application/vnd.oci.image.config.v1+json", DigestOf(config), 100), []) : null,
    };

    public static StoreSnapshot Store(params StoredArtifact[] artifacts) => new(artifacts.ToDictionary(a => a.ContentKey));

    public static Node Node(string name) => new()
    {
        Name = name,
        Connection = new LocalConnection(),
        Runtime = new ContainerRuntime.Containerd(),
        ReleaseDirectory = "/tmp/releases",
    };

    public static NodeFacts Facts(string node) => new() { Node = node, Machine = "x86_64" };

    public static NodeFacts With(this NodeFacts facts, string path, char digest, string owner = "root", string mode = "0755", bool unpacked = false) => facts with
    {
        Files = new Dictionary<string, NodeFile>(facts.Files) { [path] = new NodeFile(DigestOf(digest), 1000, owner, mode, unpacked) },
    };

    public static NodeFacts WithImage(this NodeFacts facts, string reference, char digest, bool complete = true) => facts with
    {
        Images = new Dictionary<string, NodeImage>(facts.Images) { [reference] = new NodeImage(DigestOf(digest), complete) },
    };
}
