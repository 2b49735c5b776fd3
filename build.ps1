# Starts the C# build host in build/, as build.sh does: compiled ahead of time once, and again only when one of its inputs is
# newer. Arguments go to the host: .\build.ps1 --help. Only --bootstrap is for this script: it fetches the .NET SDK that
# global.json names into .dotnet\, with Microsoft's install script. For Windows PowerShell 5.1 and PowerShell 7.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$hostFolder = Join-Path $root 'artifacts/host'
$bin = Join-Path $hostFolder 'bin'
$stamp = Join-Path $hostFolder 'stamp'
$inputs = 'build', 'src', 'eng', 'global.json', 'build.ps1', '.config', 'Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props'
$sdkVersion = (Get-Content (Join-Path $root 'global.json') -Raw | ConvertFrom-Json).sdk.version

function Stop-Build([string] $what, [string[]] $details) {
    [Console]::Error.WriteLine("Error: $what")
    foreach ($detail in $details) { [Console]::Error.WriteLine("  $detail") }
    exit 2
}

# The program itself, so that a function or alias of this name is not taken for it.
function Find-DotNet {
    Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
}

function Install-Sdk {
    $url = if ($env:DOTNET_INSTALL_SCRIPT_URL) { $env:DOTNET_INSTALL_SCRIPT_URL } else { 'https://dot.net/v1/dotnet-install.ps1' }
    $folder = Join-Path $root '.dotnet'
    $script = Join-Path $folder 'dotnet-install.ps1'
    New-Item -ItemType Directory -Force $folder | Out-Null
    # Windows PowerShell 5.1 offers TLS 1.0 first, which no server takes any more.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    try {
        Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $script
    }
    catch {
        Stop-Build "the install script could not be fetched from $url" $_.Exception.Message, 'hint: DOTNET_INSTALL_SCRIPT_URL may name a mirror'
    }

    & $script -Version $sdkVersion -InstallDir $folder -NoPath
}

function Assert-Sdk {
    $why = $null
    if (-not (Find-DotNet)) {
        $why = 'the .NET SDK is not installed'
    }
    else {
        # A native program's error stream must not become an exception here.
        $ErrorActionPreference = 'Continue'
        Push-Location $root
        & dotnet --version 2>&1 | Out-Null
        if ($LASTEXITCODE -ne 0) { $why = 'no installed .NET SDK fits global.json' }
        Pop-Location
    }

    if ($why) {
        Stop-Build $why "expected: SDK $sdkVersion or a later feature band of it",
            'hint: .\build.ps1 --bootstrap fetches it into .dotnet\ of this folder; or install it from https://dotnet.microsoft.com/download'
    }
}

function Test-UpToDate {
    if (-not (Test-Path $stamp) -or -not (Test-Path (Join-Path $bin 'Build.dll'))) { return $false }
    $made = (Get-Item $stamp).LastWriteTimeUtc
    $pending = New-Object System.Collections.Stack
    foreach ($name in $inputs) {
        $path = Join-Path $root $name
        if (Test-Path $path) { $pending.Push((Get-Item -Force $path)) }
    }

    while ($pending.Count -gt 0) {
        $item = $pending.Pop()
        if ($item.LastWriteTimeUtc -gt $made) { return $false }
        if ($item.PSIsContainer) {
            foreach ($child in $item.GetFileSystemInfos()) {
                if ($child.Name -ne 'bin' -and $child.Name -ne 'obj') { $pending.Push((Get-Item -Force $child.FullName)) }
            }
        }
    }

    return $true
}

function Publish-Host([string] $folder, [string[]] $options) {
    $project = Join-Path $root 'build/Build.csproj'
    $work = Join-Path $hostFolder 'work'
    & dotnet publish $project -c Release -v q --nologo --artifacts-path $work -o $folder @options | ForEach-Object { [Console]::Error.WriteLine($_) }
    return $LASTEXITCODE -eq 0
}

function Update-Host {
    Assert-Sdk
    [Console]::Error.WriteLine('Compiling the build host ...')
    New-Item -ItemType Directory -Force $hostFolder | Out-Null
    # What the compiler makes beside a project changes the time of its folder: made later, it would look like an input that is newer.
    foreach ($project in Get-ChildItem (Join-Path $root 'build/*.csproj'), (Join-Path $root 'src/*/*.csproj') -ErrorAction SilentlyContinue) {
        New-Item -ItemType Directory -Force (Join-Path $project.DirectoryName 'bin'), (Join-Path $project.DirectoryName 'obj') | Out-Null
    }
    $next = Join-Path $hostFolder "next.$PID"
    $started = (Get-Date).ToUniversalTime()
    # Ahead-of-time code needs a compiler package; where no feed has it, the host starts slower and works the same.
    if (-not (Publish-Host $next @('--use-current-runtime', '--self-contained', 'false', '-p:PublishReadyToRun=true')) -and -not (Publish-Host $next @())) {
        exit 1
    }

    if (Test-Path $bin) { Remove-Item -Recurse -Force $bin }
    Move-Item $next $bin
    New-Item -ItemType File -Force $stamp | Out-Null
    (Get-Item $stamp).LastWriteTimeUtc = $started
}

$local = Join-Path $root '.dotnet'
$program = if ($env:OS -eq 'Windows_NT') { Join-Path $local 'dotnet.exe' } else { Join-Path $local 'dotnet' }
if ($args -contains '--bootstrap' -and -not (Test-Path $program)) { Install-Sdk }
if (Test-Path $program) {
    $env:DOTNET_ROOT = $local
    $env:PATH = $local + [IO.Path]::PathSeparator + $env:PATH
}

$env:DOTNET_NOLOGO = '1'
if (-not $env:DOTNET_CLI_TELEMETRY_OPTOUT) { $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1' }
if (-not (Test-UpToDate)) { Update-Host }
if (-not (Find-DotNet)) { Assert-Sdk }

$rest = @($args | Where-Object { $_ -ne '--bootstrap' })
& dotnet (Join-Path $bin 'Build.dll') @rest
exit $LASTEXITCODE
