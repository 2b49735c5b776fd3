using System.Text;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Presentation;
using Cake.KubeCache.Presentation.Html;

namespace Cake.KubeCache.Engine;

/// <summary>Writes what the settings name: the run report as JSON or HTML, by the file's ending.</summary>
internal static class RunOutputs
{
    /// <summary>Writes the plan as JSON; nothing when no file is named.</summary>
    /// <exception cref="KubeCacheException">The file cannot be written.</exception>
    public static void WritePlan(KubeCacheSettings settings, Plan plan)
    {
        if (settings.PlanOutput is { } file)
        {
            Write(file.FullPath, PlanJson.Serialize(plan));
        }
    }

    /// <summary>Writes the run report; nothing when no file is named.</summary>
    /// <exception cref="KubeCacheException">The file cannot be written.</exception>
    public static void WriteReport(KubeCacheSettings settings, RunReport report)
    {
        if (settings.Report is { } file)
        {
            var html = file.GetExtension() is ".html" or ".htm";
            Write(file.FullPath, html ? Encoding.UTF8.GetBytes(HtmlReport.Render(report)) : ReportJson.Serialize(report));
        }
    }

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="KubeCacheException">The file cannot be written.</exception>
    public static void Write(string path, byte[] content)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"'{full}' cannot be written") { Got = e.Message, Hint = "name another file" }, e);
        }
    }
}
