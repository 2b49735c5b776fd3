using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>
/// What a plan's definitions leave open, as one fetch found it: the version that a range came to, the digest of a file without a checksum, the
/// digest that an image's tag points at. A YAML file that belongs into version control beside the inventory.
/// </summary>
/// <param name="Versions">Versions of ranges, by the name of the variable.</param>
/// <param name="Files">Digests of files without a checksum, by URL.</param>
/// <param name="Images">Digests of images without one, by reference.</param>
internal sealed record LockFile(IReadOnlyDictionary<string, string> Versions, IReadOnlyDictionary<string, Digest> Files, IReadOnlyDictionary<string, Digest> Images)
{
    /// <summary>The file's name where the caller names none.</summary>
    public const string DefaultName = "kubecache.lock.yml";

    private const long Schema = 1;

    /// <summary>Nothing is locked.</summary>
    public static LockFile None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, Digest>(), new Dictionary<string, Digest>());

    /// <summary>Where the lock file of some settings is: what the caller names, else beside the first inventory; null without one.</summary>
    public static string? PathOf(KubeCacheSettings settings) => settings.LockFile?.FullPath
        ?? (settings.Inventories.Count == 0 ? null
            : Path.Combine(Directory.Exists(settings.Inventories[0]) ? settings.Inventories[0] : Path.GetDirectoryName(Path.GetFullPath(settings.Inventories[0]))!, DefaultName));

    /// <summary>Reads a lock file; where there is none, nothing is locked.</summary>
    /// <exception cref="KubeCacheException">It cannot be read, or holds something else.</exception>
    public static LockFile Read(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return None;
        }

        var file = InputFile.Read(path);
        if (YamlReader.Read(file, []) is not Mapping document || !document.TryGet("schema", out var schema) || schema is not Schema)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("this is no lock file that this version can read")
            {
                Where = file.At(1),
                Expected = $"schema: {Schema}",
                Hint = "run --target=Lock, which writes it anew, or remove it",
            });
        }

        var section = new Func<string, Mapping>(name => document.TryGet(name, out var value) && value is not null
            ? value as Mapping ?? throw Malformed(file, document.LineOf(name), PythonText.Describe(value), "a mapping")
            : []);
        var digests = new Func<string, Dictionary<string, Digest>>(name =>
        {
            var entries = section(name);
            return entries.ToDictionary(
                e => PythonText.Str(e.Key),
                e => Digest.TryParse(e.Value as string, out var digest) ? digest : throw Malformed(file, entries.LineOf(e.Key), PythonText.Describe(e.Value), "a digest such as sha256:<64 hex>"),
                StringComparer.Ordinal);
        });
        return new LockFile(section("versions").ToDictionary(e => PythonText.Str(e.Key), e => PythonText.Str(e.Value), StringComparer.Ordinal), digests("files"), digests("images"));
    }

    /// <summary>What it would be written as: sorted, so that a change shows as the lines that changed.</summary>
    public byte[] Serialize()
    {
        var text = new StringBuilder();
        text.Append("# What the inventory leaves open, as it was found. Written by --target=Lock; keep it in version control.\n");
        text.Append("schema: ").Append(Schema).Append('\n');
        Section("versions", Versions.Select(v => (v.Key, Quoted(v.Value))));
        Section("files", Files.Select(f => (f.Key, f.Value.ToString())));
        Section("images", Images.Select(i => (i.Key, i.Value.ToString())));
        return Encoding.UTF8.GetBytes(text.ToString());

        void Section(string name, IEnumerable<(string Key, string Value)> entries)
        {
            var lines = entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"  {Quoted(e.Key)}: {e.Value}\n").ToList();
            text.Append(name).Append(lines.Count == 0 ? ": {}\n" : ":\n").AppendJoin("", lines);
        }
    }

    /// <summary>The artifact with what is locked of it.</summary>
    public Artifact Apply(Artifact artifact) => Key(artifact) switch
    {
        null => artifact,
        var key when (artifact is FileArtifact ? Files : Images).TryGetValue(key, out var digest) => artifact with { Locked = digest },
        _ => artifact,
    };

    /// <summary>What an artifact is locked under; null where its definition leaves nothing open, or its checksum is looked up where it comes from.</summary>
    public static string? Key(Artifact artifact) => artifact switch
    {
        FileArtifact { Checksum: null } file => Transport.Http.UrlText.WithoutCredentials(file.Url),
        ImageArtifact { IsPinned: false } image => image.Reference.ToString(),
        _ => null,
    };

    // A JSON string is a double-quoted YAML scalar (YAML 1.2, 1.3 "Relation to JSON"), and no version or URL is taken for a number or a template.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static KubeCacheException Malformed(InputFile file, int line, string got, string expected) =>
        new(ErrorKind.Input, new Fault("the lock file is malformed") { Where = file.At(line), Got = got, Expected = expected, Hint = "run --target=Lock, which writes it anew, or remove it" });
}
