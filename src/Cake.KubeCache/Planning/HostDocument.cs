using System.Text.Json;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Configuration.Downloads;

namespace Cake.KubeCache.Planning;

/// <summary>
/// What a host is to have, as JSON that a program can compare with what Ansible evaluates: <c>settings</c>, <c>artifacts</c> by name, and kubeadm's own
/// images aside. Names are sorted.
/// </summary>
internal static class HostDocument
{
    /// <summary>Writes the object of one host.</summary>
    public static void Write(Utf8JsonWriter json, HostDownloads downloads)
    {
        json.WriteStartObject();
        Artifacts(json, "artifacts", downloads.Items);
        Artifacts(json, "kubeadm_images", downloads.KubeadmImages);
        json.WriteStartObject("settings");
        foreach (var (name, value) in downloads.Shown.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (value is bool flag)
            {
                json.WriteBoolean(name, flag);
            }
            else
            {
                json.WriteString(name, (string?)value);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Artifacts(Utf8JsonWriter json, string property, IEnumerable<DownloadItem> items)
    {
        json.WriteStartObject(property);
        foreach (var item in items.OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject(item.Name);
            switch (item)
            {
                case FileItem file:
                    File(json, file);
                    break;
                case ImageItem image:
                    json.WriteString("digest", image.Digest);
                    json.WriteString("kind", "image");
                    json.WriteString("repo", image.Repository);
                    json.WriteString("tag", image.Tag);
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void File(Utf8JsonWriter json, FileItem file)
    {
        json.WriteString("checksum", file.Checksum);
        json.WriteString("dest", file.Destination);
        json.WriteString("kind", "file");
        json.WriteString("mode", file.Mode);
        json.WriteString("owner", file.Owner);
        json.WriteBoolean("unarchive", file.Unarchive);
        if (file.UnarchiveExtraOptions is { } options)
        {
            json.WriteStartArray("unarchive_extra_opts");
            foreach (var option in options)
            {
                json.WriteStringValue(option);
            }

            json.WriteEndArray();
        }

        json.WriteString("url", file.Url);
    }
}
