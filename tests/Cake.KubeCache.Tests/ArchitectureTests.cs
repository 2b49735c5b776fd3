using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using Shouldly;

namespace Cake.KubeCache.Tests;

/// <summary>Holds the table of docs/architecture.md over the compiled assembly: which folder may use which.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "Cake.KubeCache";

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Model"] = [],
        ["Configuration"] = ["Model"],
        ["Transport"] = ["Model"],
        ["Execution"] = ["Model"],
        ["Store"] = ["Model"],
        ["Planning"] = ["Model", "Configuration"],
        ["Sources"] = ["Model", "Store", "Transport"],
        ["Delivery"] = ["Model", "Store", "Transport"],
    };

    private static readonly Architecture Compiled = new ArchLoader().LoadAssemblies(typeof(KubeCacheSettings).Assembly).Build();

    [Fact]
    public void Each_folder_uses_only_what_it_may()
    {
        var wrong =
            from type in Compiled.Types
            let folder = Folder(type)
            where folder is not null && MayUse.ContainsKey(folder)
            from used in type.GetTypeDependencies(Compiled)
            let other = Folder(used)
            where other is not null && other != folder && !MayUse[folder].Contains(other)
            select $"{type.FullName} uses {used.FullName}";

        wrong.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Templates_know_nothing_of_what_is_done_with_them()
    {
        var wrong =
            from type in Compiled.Types
            where type.FullName.StartsWith($"{Root}.Configuration.Templates.", StringComparison.Ordinal)
            from used in type.GetTypeDependencies(Compiled)
            where used.FullName.StartsWith($"{Root}.Configuration.", StringComparison.Ordinal)
            where new[] { "Downloads", "Inventory", "Catalogue" }.Any(f => used.FullName.StartsWith($"{Root}.Configuration.{f}.", StringComparison.Ordinal))
            select $"{type.FullName} uses {used.FullName}";

        wrong.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void The_table_is_about_folders_that_exist() =>
        Compiled.Types.Select(Folder).Where(f => f is not null).Distinct().ShouldBe(MayUse.Keys.Append("").Append("Engine").Append("Presentation").Append("Targets"), ignoreOrder: true);

    // The folder below the root, "" for the root itself, null for what is not ours.
    private static string? Folder(IType type)
    {
        var space = type.Namespace?.FullName;
        return space is null || (space != Root && !space.StartsWith(Root + ".", StringComparison.Ordinal)) ? null
            : space.Length == Root.Length ? ""
            : space[(Root.Length + 1)..].Split('.')[0];
    }
}
