using System.ComponentModel;
using Cake.Cli;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Spectre.Console.Cli;
using CakeDirectoryPathConverter = Cake.Cli.DirectoryPathConverter;

namespace Cake.Frosting;

/// <summary>Cake's own command line options; everything else is an argument of the build.</summary>
internal sealed class HostSettings : CommandSettings
{
    [CommandOption("-t|--target <TARGET>")]
    [DefaultValue("Default")]
    public string[] Targets { get; set; } = [];

    [CommandOption("-w|--working <PATH>")]
    [TypeConverter(typeof(CakeDirectoryPathConverter))]
    public DirectoryPath? WorkingDirectory { get; set; }

    [CommandOption("-v|--verbosity <VERBOSITY>")]
    [TypeConverter(typeof(VerbosityConverter))]
    [DefaultValue(Verbosity.Normal)]
    public Verbosity Verbosity { get; set; }

    [CommandOption("--description|--descriptions|--showdescription|--showdescriptions")]
    public bool Description { get; set; }

    [CommandOption("--tree|--showtree")]
    public bool Tree { get; set; }

    [CommandOption("--dryrun|--noop|--whatif")]
    public bool DryRun { get; set; }

    [CommandOption("-e|--exclusive")]
    public bool Exclusive { get; set; }

    [CommandOption("--no-report")]
    public bool NoReport { get; set; }

    [CommandOption("--version|--ver")]
    public bool Version { get; set; }

    [CommandOption("--info")]
    public bool Info { get; set; }
}
