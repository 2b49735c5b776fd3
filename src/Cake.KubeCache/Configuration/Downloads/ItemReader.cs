using System.Globalization;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>Evaluates an item of <c>downloads</c> for a host and understands it as an artifact.</summary>
/// <param name="host">The host's name, for messages.</param>
/// <param name="groups">The groups that the host is in.</param>
/// <param name="images">Whether images are downloaded at all, and for which platform.</param>
internal sealed class ItemReader(string host, IReadOnlySet<string> groups, ImageSettings images)
{
    private readonly List<Fault> _faults = [];
    private readonly List<Fault> _warnings = [];

    /// <summary>Reads one item. An item that is not enabled or not wanted may be as wrong as it likes.</summary>
    public ItemResult Read(ItemFields item)
    {
        if (!Try(() => IsWanted(item), $"the groups of '{item.Name}'", out var wanted) || !wanted)
        {
            return Result(null, null);
        }

        try
        {
            if (!Flag(item, "enabled"))
            {
                return Result(null, null);
            }
        }
        catch (EvaluationException exception) when (exception.Failure == EvaluationFailure.Undefined)
        {
            _warnings.Add(exception.Fault with { What = $"whether '{item.Name}' is enabled on {host} depends on something undefined, so it is not: {exception.Fault.What}" });
            return Result(null, null);
        }
        catch (EvaluationException exception)
        {
            _faults.Add(Named(exception.Fault, $"whether '{item.Name}' is enabled"));
            return Result(null, null);
        }

        return Kind(item);
    }

    private bool IsWanted(ItemFields item) => !item.Has("groups") || item.Texts("groups").Any(groups.Contains);

    private ItemResult Kind(ItemFields item)
    {
        if (!Try(() => (Container: Flag(item, "container"), File: Flag(item, "file")), $"whether '{item.Name}' is a file or an image", out var kind))
        {
            return Result(null, null);
        }

        if (kind.Container)
        {
            return images.Wanted ? Image(item) : Result(null, null);
        }

        if (kind.File)
        {
            return File(item);
        }

        _faults.Add(new Fault($"the item '{item.Name}' of downloads is neither a file nor an image on {host}") { Expected = "'file: true' or 'container: true'" });
        return Result(null, null);
    }

    private ItemResult File(ItemFields item)
    {
        var read =
            Try(() => item.Raw("url"), Field(item, "url"), out var url) &
            Try(() => item.Text("checksum") ?? item.Text("sha256") ?? "", Field(item, "checksum"), out var checksum) &
            Try(() => item.Raw("dest"), Field(item, "dest"), out var destination) &
            Try(() => item.Raw("owner"), Field(item, "owner"), out var owner) &
            Try(() => PermissionBits.Of(item.Value("mode")), Field(item, "mode"), out var mode) &
            Try(() => Flag(item, "unarchive"), Field(item, "unarchive"), out var unarchive) &
            Try(() => item.Has("unarchive_extra_opts") ? item.Texts("unarchive_extra_opts") : null, Field(item, "unarchive_extra_opts"), out var options) &
            Try(() => Access(item), $"how the server of '{item.Name}' is asked", out var access);
        if (!read)
        {
            return Result(null, null);
        }

        var file = new FileItem(item.Name) { Url = url!, Checksum = checksum!, Destination = destination!, Mode = mode!, Owner = owner!, Unarchive = unarchive, UnarchiveExtraOptions = options };
        return Result(file, Understand(file, access!));
    }

    private FileArtifact? Understand(FileItem file, FileAccessFields access)
    {
        if (!Uri.TryCreate(file.Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "file"))
        {
            _faults.Add(new Fault($"'{file.Name}' has no URL to download it from on {host}") { Got = file.Url.Length == 0 ? "nothing" : file.Url, Expected = "an http, https or file URL" });
            return null;
        }

        return new FileArtifact
        {
            Name = file.Name,
            Url = file.Url,
            Mirrors = access.Mirrors,
            Checksum = Checksum(file),
            Destination = Present(file.Destination),
            Owner = Present(file.Owner),
            Mode = Mode(file),
            Unarchive = file.Unarchive,
            UnarchiveExtraOptions = file.UnarchiveExtraOptions ?? [],
            Username = access.Username,
            Password = access.Password,
            ForceBasicAuthentication = access.ForceBasicAuthentication,
            Timeout = access.Timeout,
        };
    }

    private Checksum? Checksum(FileItem file)
    {
        // Tables have 0 where a release has no build for an architecture.
        if (file.Checksum is "" or "0" or "sha256:0")
        {
            _warnings.Add(new Fault($"'{file.Name}' has no checksum on {host}") { Got = file.Checksum.Length == 0 ? "nothing" : file.Checksum, Expected = "a sha256 or sha512 checksum", Hint = "set its checksum, or kubecache_allow_unverified" });
            return null;
        }

        try
        {
            return Model.Checksum.Parse(file.Checksum);
        }
        catch (FormatException exception)
        {
            _faults.Add(new Fault($"the checksum of '{file.Name}' is malformed on {host}") { Got = exception.Message });
            return null;
        }
    }

    private string? Mode(FileItem file)
    {
        var mode = Present(file.Mode);
        if (mode is not null && !(mode.Length <= 5 && mode.All(c => c is >= '0' and <= '7')))
        {
            _faults.Add(new Fault($"the mode of '{file.Name}' is malformed on {host}") { Got = mode, Expected = "octal digits such as 0755" });
        }

        return mode is null || mode.StartsWith('0') ? mode : "0" + mode;
    }

    private ItemResult Image(ItemFields item)
    {
        var read =
            Try(() => item.Raw("repo"), Field(item, "repo"), out var repository) &
            Try(() => item.Raw("tag"), Field(item, "tag"), out var tag) &
            Try(() => item.Text("sha256") ?? item.Text("checksum") ?? "", Field(item, "sha256"), out var digest);
        if (!read)
        {
            return Result(null, null);
        }

        var image = new ImageItem(item.Name) { Repository = repository!, Tag = tag!, Digest = digest! };
        try
        {
            Digest? parsed = image.Digest.Length == 0 ? null : Digest.Parse(image.Digest.Contains(':', StringComparison.Ordinal) ? image.Digest : "sha256:" + image.Digest);
            return Result(image, new ImageArtifact { Name = item.Name, Reference = ImageReference.Of(image.Repository, Present(image.Tag), parsed), Platform = images.Platform });
        }
        catch (FormatException exception)
        {
            _faults.Add(new Fault($"the image '{item.Name}' is malformed on {host}") { Got = exception.Message });
            return Result(image, null);
        }
    }

    private FileAccessFields Access(ItemFields item) => new(
        item.Texts("mirrors"),
        item.Text("username"),
        Secret.From(item.Text("password")),
        Flag(item, "force_basic_auth"),
        item.Text("timeout") is not { } timeout ? null
            : double.TryParse(timeout, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : throw EvaluationException.Invalid($"the timeout '{timeout}' is no number of seconds"));

    private bool Flag(ItemFields item, string field) => Flags.Read(item.Value(field), Field(item, field), _warnings);

    private static string Field(ItemFields item, string field) => $"downloads.{item.Name}.{field}";

    private static string? Present(string text) => text is "" or "None" ? null : text;

    private bool Try<T>(Func<T> read, string what, out T? value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (EvaluationException exception)
        {
            _faults.Add(Named(exception.Fault, what));
            value = default;
            return false;
        }
    }

    private Fault Named(Fault fault, string what) => fault with { Cause = fault.What, What = $"{what} cannot be evaluated on {host}: {fault.What}" };

    private ItemResult Result(DownloadItem? item, Artifact? artifact) =>
        item is null && _faults.Count == 0 && _warnings.Count == 0 ? ItemResult.Nothing : new ItemResult(item, artifact, [.. _faults], [.. _warnings]);
}
